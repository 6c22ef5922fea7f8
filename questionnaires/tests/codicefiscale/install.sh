#!/usr/bin/env bash
# Installs the package that fiscal codes are compared with, in an environment of its own beside this file.
set -euo pipefail
cd "$(dirname "$0")"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
