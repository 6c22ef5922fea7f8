#!/usr/bin/env bash
# Installs the Debian packages the tests need, where they are missing. Needs root, or sudo.
set -euo pipefail

missing=()
need() { # program package
    command -v "$1" >/dev/null || missing+=("$2")
}
need cc build-essential
need node nodejs
need npm npm
need openssl openssl
need curl curl
need chromium chromium
# ODK Validate, which judges forms for other programs, is written in Java.
need java default-jre-headless
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
need softhsm2-util softhsm2
need pkcs11-tool opensc
need xmlsec1 xmlsec1
# LibreOffice opens the workbooks.
need soffice libreoffice-calc-nogui
# R's package survey loads the public-use file.
need Rscript r-base-core
[ -d /usr/lib/R/site-library/survey ] || missing+=(r-cran-survey)
need pdftotext poppler-utils
need qpdf qpdf
# Makes the pictures of the documentation small, where they are made anew.
need pngquant pngquant
# The proxies that a site may stand behind. They are not on everybody's path; apache2-bin brings no service.
[ -x /usr/sbin/nginx ] || missing+=(nginx-light)
[ -x /usr/sbin/apache2 ] || missing+=(apache2-bin)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
ls /usr/lib/*/engines-3/pkcs11.so >/dev/null 2>&1 || missing+=(libengine-pkcs11-openssl)

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
echo "Installing Debian packages: ${missing[*]}"
as_root=""
if [ "$(id -u)" -ne 0 ]; then as_root="sudo"; fi
# Another source of the machine that does not answer is no reason to stop: the install says if a package is missing.
$as_root apt-get update -qq || true
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
