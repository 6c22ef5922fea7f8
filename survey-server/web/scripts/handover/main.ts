// Spares people with JavaScript the click on "Continua".
const form = document.getElementById("passaggio");
if (form instanceof HTMLFormElement) form.submit();
