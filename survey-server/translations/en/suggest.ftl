hint-before = Before, from { $start } to { $end }: { $activity }
hint-after = After, from { $start } to { $end }: { $activity }
hint-other-day = On another day of yours, from { $start } to { $end }: { $activity }
proposal-travel = Between { $start } and { $end }, did you go to another place?
proposal-travel-home = Between { $start } and { $end }, did you go back home?
proposal-gap = What were you doing from { $start } to { $end }?
proposal-gap-continue = From { $start } to { $end }, were you still doing the same thing?
proposal-gap-sleep = From { $start } to { $end }, were you sleeping?
