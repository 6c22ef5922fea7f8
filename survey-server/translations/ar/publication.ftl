publication-none-title = لم يُنشر شيء بعد
publication-none-text = ستظهر النتائج هنا حين يكون الإصدار الأول جاهزًا.
