navigation-office = المكتب
role-operator = موظف مساعدة
role-analyst = محلل
role-editor = محرر
role-council = المجلس
role-administrator = مدير
role-auditor = مدقق
