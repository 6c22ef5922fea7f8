// Proposals that spare typing. Every one is for the person to take or leave: nothing here changes a day.

export { clock, isTransport, isTravel, SLOTS, type Episode } from "./episode";
export { proposeGaps, proposeTravel, type Proposal } from "./proposals";
export { hints, type Hint } from "./hints";
export { favourites, suggest, usualAt } from "./tiles";
