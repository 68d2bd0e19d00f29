//! Words of questions that say nothing.

/// Words that may be left out.
pub(super) const FILLERS: &str = "compare|comparison|comparing|\
a|an|the|our|we|us|i|my|me|you|your|do|does|did|is|are|was|were|be|been|being|am|have|has|\
had|having|there|please|pls|kindly|show me|give me|tell me|give|tell|get|gets|got|could you|\
can you|would you|could|can|would|will you|like|want|need|to|in|of|for|from|with|on|at|into|\
among|through|via|within|its|their|his|her|all|any|all the|all of|some|ever|so far|in total|\
in all|total so far|to date|as|come|comes|came|coming|comes from|we have|are there|\
there are|issue|issued|look after|looks after|looked after|take care of|takes care of|live|\
lives|living|located|based|situated|stored|exist|exists|existing|contain|contains|\
containing|include|includes|including|belong|belongs|belonging|belong to|belongs to|happen|\
happens|happened|happening|take place|took place|place|placed|receive|received|see|seen|\
work|works|working|ended|ended up|end|ends|thanks|thank you|hi|hey|hello|let me know|know|\
i'd|would like|want to know|respectively|each of|one|ones|broken|break|down|\
when it comes to|terms|terms of|in terms of|people|folks|person|everybody|everyone|details|\
overview|breakdown|list of|a list of|table of|data|info|information|figures|results|\
currently|this far|go|goes|went|been|itself|own|owned by|done by|made by|run|runs|offer|\
offers|carry|carries|keep|kept|stand|stands|while|how has|how have|how did|how is|how are|\
hows|how do|how does|how|about|regarding|concerning|split|group|grouped|record|records|\
recorded|entries|rows|row|registered|serve|serves|served|handle|handles|handled|produce|\
produced|lasts|lasted|use|used|uses|such|kind|kinds|company|business|us all|well|quick|\
quickly|question|wondering|wonder|if|i would|interested|actually|really|exactly how|\
average out|turn out|by any chance|database|system|clinic|far|been made|had any|any of|\
per se|every single|whole|entire|single|individual|respective|given|us know|anyone|everyone|\
having been|still|already|yet|anything|something|performed|perform|performs|carried out|\
attended|attend|attends|gave|saw|sees|seeing|held|taken|took|subscribe|subscribes|\
subscribed|subscribing|wrote|write|writes|written|authored|penned|\
credited|treated|treat|treats|overall in|\
thing|things|stuff|library|firm|organisation|organization|school|practice|office|hospital|agency|\
right now|at the moment|at present|presently|as of today|as of now|at all|ever since|out there|\
roughly|approximately|collected|collect|collects|consumed|consume|burn|burned|burnt|driven|drove|\
travelled|traveled|covered|joined us|persons|getting|became|become|us altogether|made for|\
exactly|properly|do you think|as per|on file|on record|on our books|in our books|\
in the system|in the database|in the data|in our database|in our data|on the system|in our system|\
catalogue|catalog|collection|assortment|portfolio|do you know|can i see|can i get|can i have|may i see|let us see|let me see|i need to know|\
i want to see|i would like to see|show us|can you show me|could you show me|can you tell me|\
could you tell me|do you have|have you got|we got";
