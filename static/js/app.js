// What makes pages pleasanter. Every page works without it.
import "htmx.org";
import "./menus.js";
import "./theme-switch.js";
import "./guard.js";
import "./counters.js";
import "./drafts.js";
import "./offline/page.js";
import "./requests.js";
import "./passkeys.js";
import "./annexes.js";
import "./budget.js";
