#!/usr/bin/env bash
# Installs pyxform, with the ODK Validate that it carries, in an environment of its own beside this file.
set -euo pipefail
cd "$(dirname "$0")"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
