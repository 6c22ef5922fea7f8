// The word list of the search in one language, for pages in that language: a file of its own, so that nobody loads the other.

import words from "tempi:search/en";

import { teach } from "../search/words";

teach("en", words);
