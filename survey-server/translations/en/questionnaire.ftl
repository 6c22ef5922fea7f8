form-errors-heading = Something needs mending
questionnaire-progress = Page { $place } of { $sections }
questionnaire-save = Save and go on
questionnaire-back = Back
questionnaire-saved-note = What you wrote is saved at every step. You can leave and go on whenever you like.
questionnaire-missing = The answer is missing. Choose one to go on.
questionnaire-missing-number = The answer is missing. Write a number to go on.
questionnaire-not-a-number = Write a whole number, for example 40.
questionnaire-out-of-range = Write a number from { $min } to { $max }.
questionnaire-exclusive = You chose “none” together with other answers. Remove the one or the others.
questionnaire-unknown-option = This answer is not among the possible ones. Choose one from the list.
questionnaire-review = Look over your answers. After handing them in they cannot be changed.
questionnaire-incomplete = Some answers are still missing. Those you gave are saved.
questionnaire-no-answer = Missing
questionnaire-change = Change: { $section }
questionnaire-submit = Hand in the answers
questionnaire-receipt = You handed in these answers on { $date }. Thank you.
questionnaire-missing-text = The answer is missing. Write a few words to go on.
questionnaire-missing-time = The time is missing. Write it like this: 08:30.
questionnaire-missing-end = You wrote when you start: write also when you end.
questionnaire-no-beginning = You wrote when you end: write also when you start, or remove this time.
questionnaire-empty-spell = Start and end are the same time. Change one, or remove both.
questionnaire-not-a-time = Write a time from 00:00 to 23:59, for example 08:30.
questionnaire-too-long = This is too long: { $max } characters at most.
questionnaire-control-character = There is a character that we cannot save. Write the answer again.
questionnaire-changed = { $n ->
    [0] We have updated this questionnaire in the meantime. Your answers are still there: see whether there are new questions.
    [one] We have updated this questionnaire in the meantime. One of your answers no longer fits and we ask you again; the others are still there.
   *[other] We have updated this questionnaire in the meantime. { $n } of your answers no longer fit and we ask you again; the others are still there.
}
questionnaire-title-of-day = { $title }: { $day }
questionnaire-about-weekday = weekday
questionnaire-about-weekend = Saturday or Sunday
questionnaire-preview = Preview: nothing that you write is saved
