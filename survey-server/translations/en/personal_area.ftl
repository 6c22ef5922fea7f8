personal-area-title = Personal area
personal-area-lead = Here is what you have saved and what remains to be done.
