form-errors-heading = هناك ما يحتاج إلى تصحيح
questionnaire-progress = الصفحة { $place } من { $sections }
questionnaire-save = احفظ وتابع
questionnaire-back = رجوع
questionnaire-saved-note = نحفظ ما تكتبه في كل خطوة. يمكنك أن تخرج وتعود متى شئت.
questionnaire-missing = الجواب ناقص. اختر واحدًا لتتابع.
questionnaire-missing-number = الجواب ناقص. اكتب رقمًا لتتابع.
questionnaire-not-a-number = اكتب عددًا صحيحًا، مثل 40.
questionnaire-out-of-range = اكتب عددًا من { $min } إلى { $max }.
questionnaire-exclusive = اخترت «لا أحد» مع أجوبة أخرى. احذف هذا أو تلك.
questionnaire-unknown-option = هذا الجواب ليس من الأجوبة الممكنة. اختر واحدًا من القائمة.
questionnaire-review = راجع أجوبتك. بعد التسليم لا يمكن تغييرها.
questionnaire-incomplete = ما زال ينقص بعض الأجوبة. ما أجبت عنه محفوظ.
questionnaire-no-answer = ناقص
questionnaire-change = تعديل: { $section }
questionnaire-submit = سلّم الأجوبة
questionnaire-receipt = سلّمت هذه الأجوبة { $date }. شكرًا.
questionnaire-about-weekday = يوم من أيام الأسبوع
questionnaire-about-weekend = السبت أو الأحد
questionnaire-changed = { $n ->
    [0] حدّثنا هذا الاستبيان في هذه الأثناء. إجاباتك ما زالت هنا: انظر إن كانت هناك أسئلة جديدة.
    [one] حدّثنا هذا الاستبيان في هذه الأثناء. إجابة واحدة من إجاباتك لم تعد مناسبة ونسألك عنها من جديد؛ والباقي ما زال هنا.
   *[other] حدّثنا هذا الاستبيان في هذه الأثناء. { $n } من إجاباتك لم تعد مناسبة ونسألك عنها من جديد؛ والباقي ما زال هنا.
}
questionnaire-control-character = فيها رمز لا نستطيع حفظه. أعد كتابة الإجابة.
questionnaire-empty-spell = البداية والنهاية هي الساعة نفسها. غيّر إحداهما أو احذفهما معًا.
questionnaire-missing-end = كتبت متى تبدأ: اكتب أيضًا متى تنتهي.
questionnaire-missing-text = الإجابة ناقصة. اكتب بضع كلمات لتتابع.
questionnaire-missing-time = الساعة ناقصة. اكتبها هكذا: 08:30.
questionnaire-no-beginning = كتبت متى تنتهي: اكتب أيضًا متى تبدأ، أو احذف هذه الساعة.
questionnaire-not-a-time = اكتب ساعة من 00:00 إلى 23:59، مثل 08:30.
questionnaire-preview = معاينة: لا يُحفظ شيء مما تكتبه
questionnaire-title-of-day = { $title }: { $day }
questionnaire-too-long = طويلة جدًا: { $max } حرفًا على الأكثر.
