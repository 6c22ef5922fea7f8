household-title = Who lives with you
household-lead = If others at home take part too, join together: you will choose the same days, and it will show how you share the time.
household-privacy = The others see which days you tell, not what you tell, nor your answers.
household-yours = Your household
household-members = { $n ->
    [one] You are the only one so far.
   *[other] You are { $n }, including you.
}
household-days = The others tell these days. Choose the same if you can:
household-choose-days = Choose the day
household-invite = Invite those who live with you
household-invite-text = Make a code and tell it to one person at home. It works once, for 48 hours. Each person needs a new code.
household-make-code = Make a code
household-code-made = Here is the code. You see it only now: write it down or read it out at once.
household-code-note = Who receives it signs in with their own card or digital identity, opens this page and writes it.
household-join = Did you receive a code?
household-code-label = Code
household-code-help = Eight letters and digits, for example K7QF-3MXD.
household-join-action = Join
household-joined = Done: you now belong to the household that invited you.
household-wrong-code = This code does not work: it may have ended, been used already or be mistyped. Ask for another.
household-leave = Leave the household
household-leave-text = Your days and answers stay yours; they will no longer be joined with those of the others.
household-leave-action = Leave the household
household-back = Back to your personal area
household-link = Join with those who live with you
household-data-title = Who you live with
household-day-of-others = those who live with you tell it too
