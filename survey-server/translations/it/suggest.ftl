hint-before = Prima, dalle { $start } alle { $end }: { $activity }
hint-after = Dopo, dalle { $start } alle { $end }: { $activity }
hint-other-day = In un'altra tua giornata, dalle { $start } alle { $end }: { $activity }
proposal-travel = Tra le { $start } e le { $end } c'è stato uno spostamento?
proposal-travel-home = Tra le { $start } e le { $end } c'è stato il ritorno a casa?
proposal-gap = Che cosa facevi dalle { $start } alle { $end }?
proposal-gap-continue = Dalle { $start } alle { $end } facevi ancora la stessa cosa?
proposal-gap-sleep = Dalle { $start } alle { $end } dormivi?
