household-title = من يعيش معك
household-lead = إذا كان غيرك من أهل البيت يشاركون أيضًا، فانضموا معًا: تختارون الأيام نفسها ويظهر كيف تتقاسمون الوقت.
household-privacy = يرى الآخرون الأيام التي تحكيها، لا ما تحكيه ولا إجاباتك.
household-yours = أسرتك
household-members = { $n ->
    [one] أنت وحدك حتى الآن.
   *[other] عددكم { $n }، وأنت منهم.
}
household-days = يحكي الآخرون هذه الأيام. إن استطعت فاختر الأيام نفسها:
household-choose-days = اختر اليوم
household-invite = ادعُ من يعيش معك
household-invite-text = أنشئ رمزًا وقله لأحد أهل البيت. يصلح مرة واحدة فقط، لمدة 48 ساعة. لكل شخص رمز جديد.
household-make-code = أنشئ رمزًا
household-code-made = هذا هو الرمز. تراه الآن فقط: اكتبه أو اقرأه حالًا.
household-code-note = من يتلقاه يدخل ببطاقته أو بهويته الرقمية، ويفتح هذه الصفحة ويكتبه.
household-join = هل تلقيت رمزًا؟
household-code-label = الرمز
household-code-help = ثمانية أحرف وأرقام، مثل K7QF-3MXD.
household-join-action = انضم
household-joined = تم: أنت الآن من الأسرة التي دعتك.
household-wrong-code = هذا الرمز غير صالح: ربما انتهت مدته أو استُعمل أو فيه خطأ في الكتابة. اطلب رمزًا آخر.
household-leave = اترك الأسرة
household-leave-text = تبقى أيامك وإجاباتك لك؛ ولن تُجمع بعد ذلك مع أيام الآخرين.
household-leave-action = اترك الأسرة
household-back = العودة إلى صفحتك الشخصية
household-link = اجمع من يعيش معك
household-data-title = مع من تعيش
household-day-of-others = يحكيه أيضًا من يعيش معك
