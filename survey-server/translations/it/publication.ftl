publication-none-title = Non c'è ancora nulla di pubblicato
publication-none-text = I risultati compariranno qui quando la prima edizione sarà pronta.
notice-label = Avviso su questa edizione
notice-superseded = Questa è l'edizione { $number }. La più recente è l'edizione { $newest }.
notice-superseded-link = Vedi che cosa è cambiato
notice-embargo = Riservato fino a { $date }. Non diffondere numeri, testi o grafici prima di quell'ora: questo accesso è registrato.
notice-draft = Bozza, non approvata: i numeri possono cambiare. Non diffonderla.
notice-back = Torna all'ufficio
