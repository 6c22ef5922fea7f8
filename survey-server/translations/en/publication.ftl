publication-none-title = Nothing has been published yet
publication-none-text = The results will appear here when the first edition is ready.
notice-label = Notice about this edition
notice-superseded = This is edition { $number }. The newest is edition { $newest }.
notice-superseded-link = See what has changed
notice-embargo = Under embargo until { $date }. Do not pass on numbers, texts or charts before that hour: this access is on record.
notice-draft = Draft, not approved: the numbers may change. Do not pass it on.
notice-back = Back to the office
