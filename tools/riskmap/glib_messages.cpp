// SPDX-License-Identifier: MIT
// Pango and Cairo stand on GLib, which ends the process with a trap where it cannot go on.
#include "glib_messages.hpp"

#include <cstdlib>
#include <string_view>

#include <glib.h>

#include "terminal.hpp"

namespace riskmap::tool {

namespace {

std::string_view message_in(const GLogField* fields, gsize count) {
    for (gsize i = 0; i < count; ++i)
        if (std::string_view{fields[i].key} == "MESSAGE")
            return static_cast<const char*>(fields[i].value);
    return {};
}

GLogWriterOutput end_in_one_line(GLogLevelFlags level, const GLogField* fields, gsize count,
                                 gpointer data) {
    // Letters that cannot be drawn: what follows is a map without names, or a crash.
    const bool no_letters = message_in(fields, count).find("scaled font") != std::string_view::npos;
    if ((level & G_LOG_LEVEL_ERROR) == 0 && !no_letters)
        return g_log_writer_default(level, fields, count, data);
    clear_progress();
    tell("riskmap: not enough memory; use a coarser grid, or fewer --threads\n");
    std::_Exit(1); // what is half written has a name of its own, and is swept up by the next
}

} // namespace

void hear_glib() {
    g_log_set_writer_func(&end_in_one_line, nullptr, nullptr);
}

} // namespace riskmap::tool
