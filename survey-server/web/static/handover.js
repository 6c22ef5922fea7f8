// Spares people with JavaScript the click on "Continua".
document.getElementById("passaggio").submit();
