import { expect, test } from "vitest";
import { ranked, type Offer } from "../src/state/palette";

const go = (name: string, also = ""): Offer => ({ id: name, group: "go", name, also });
const names = (offers: readonly Offer[]): string[] => offers.map((offer) => offer.name);

test("what begins with the words comes before what contains them, and letters in order come last", () => {
  const offers = [go("web-shop"), go("shop-floor"), go("workshops"), go("staff helping our people")];
  expect(names(ranked(offers, "shop"))).toEqual(["shop-floor", "web-shop", "workshops", "staff helping our people"]);
});

test("neither case nor accents matter", () => {
  expect(names(ranked([go("Zoë Lindqvist"), go("Ben")], "ZOE"))).toEqual(["Zoë Lindqvist"]);
});

test("a user name finds the person", () => {
  expect(names(ranked([go("Mara Veld", "captain")], "capt"))).toEqual(["Mara Veld"]);
});

test("asking is offered last, whatever else fits", () => {
  const ask: Offer = { id: "ask", group: "ask", name: "Ask: help" };
  const help: Offer = { id: "help", group: "do", name: "Keyboard help" };
  expect(names(ranked([ask, help], "help"))).toEqual(["Keyboard help", "Ask: help"]);
  expect(names(ranked([ask, help], "orders by month"))).toEqual(["Ask: help"]);
});

test("the group with the best fit comes first", () => {
  const person: Offer = { id: "p", group: "people", name: "Dora" };
  expect(names(ranked([go("old orders"), person], "dora"))).toEqual(["Dora"]);
  expect(names(ranked([go("candor"), person], "dor"))).toEqual(["Dora", "candor"]);
});

test("with nothing typed everything is offered in its own order, some of each group", () => {
  const many = Array.from({ length: 9 }, (_, index) => go(`c${index}`));
  expect(names(ranked(many, ""))).toEqual(["c0", "c1", "c2", "c3", "c4", "c5"]);
});
