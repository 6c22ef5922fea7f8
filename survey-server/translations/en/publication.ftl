publication-none-title = Nothing has been published yet
publication-none-text = The results will appear here when the first edition is ready.
