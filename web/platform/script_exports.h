// The functions of the script API that JavaScript calls.
#pragma once

namespace chainrule {

class ScriptHost;

/// From now on they ask `host`, which must outlive the page.
void connect_script_exports(ScriptHost& host);

}  // namespace chainrule
