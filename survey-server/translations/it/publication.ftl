publication-none-title = Non c'è ancora nulla di pubblicato
publication-none-text = I risultati compariranno qui quando la prima edizione sarà pronta.
