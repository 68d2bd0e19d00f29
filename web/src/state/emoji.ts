/** Emoji that people at work use, by the names under which chats know them. */

export const EMOJI_NAMES: readonly (readonly [string, string])[] = [
  ["👍", "thumbsup"], ["👎", "thumbsdown"], ["❤️", "heart"], ["😂", "joy"], ["🎉", "tada"], ["👀", "eyes"],
  ["✅", "white_check_mark"], ["🙏", "pray"], ["🔥", "fire"], ["😮", "open_mouth"], ["😢", "cry"], ["👏", "clap"],
  ["🚀", "rocket"], ["😀", "grinning"], ["😄", "smile"], ["😅", "sweat_smile"], ["🙂", "slightly_smiling_face"],
  ["😉", "wink"], ["😊", "blush"], ["😍", "heart_eyes"], ["😎", "sunglasses"], ["🤔", "thinking"], ["😐", "neutral_face"],
  ["🙄", "rolling_eyes"], ["😬", "grimacing"], ["😴", "sleeping"], ["😭", "sob"], ["😡", "rage"], ["😱", "scream"],
  ["🤯", "exploding_head"], ["🥳", "partying_face"], ["🤷", "shrug"], ["🤦", "facepalm"], ["🙌", "raised_hands"],
  ["👋", "wave"], ["🤝", "handshake"], ["💪", "muscle"], ["👌", "ok_hand"], ["✌️", "v"], ["🤞", "crossed_fingers"],
  ["👉", "point_right"], ["☝️", "point_up"], ["💯", "100"], ["⭐", "star"], ["✨", "sparkles"], ["💡", "bulb"],
  ["❓", "question"], ["❗", "exclamation"], ["⚠️", "warning"], ["❌", "x"], ["➕", "heavy_plus_sign"], ["⛔", "no_entry"],
  ["🐛", "bug"], ["🔧", "wrench"], ["🔒", "lock"], ["🔑", "key"], ["📌", "pushpin"], ["📎", "paperclip"], ["📅", "date"],
  ["⏰", "alarm_clock"], ["⏳", "hourglass"], ["📈", "chart_up"], ["📉", "chart_down"], ["📊", "bar_chart"], ["📦", "package"],
  ["💰", "moneybag"], ["🛒", "shopping_cart"], ["📞", "telephone"], ["📧", "email"], ["🏠", "house"], ["✈️", "airplane"],
  ["☕", "coffee"], ["🍕", "pizza"], ["🍰", "cake"], ["🍺", "beer"], ["🌞", "sun"], ["🌧️", "rain"], ["🌊", "ocean"],
  ["🐦", "bird"], ["🐱", "cat"], ["🐶", "dog"], ["🌱", "seedling"], ["🏆", "trophy"], ["🎯", "dart"], ["🎵", "musical_note"],
];
