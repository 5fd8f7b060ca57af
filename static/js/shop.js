// What scripts add to pages that already work without them.
import "./cart.js";
import "./focus.js";
import "./forms.js";
import "./product.js";
import "./seen.js";
import "./status.js";
import "./suggest.js";
