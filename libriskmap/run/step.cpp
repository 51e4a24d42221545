// SPDX-License-Identifier: MIT
#include "step.hpp"

#include <algorithm>

namespace riskmap::run {

Settings chosen(const Settings& all, const std::vector<std::string>& names,
                const std::vector<std::string_view>& but) {
    Settings out;
    for (const auto& setting : all) {
        const auto& key = setting.first;
        const bool wanted = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return key == name || key.starts_with(name + ".");
        });
        const bool left = std::any_of(but.begin(), but.end(),
                                      [&](std::string_view end) { return key.ends_with(end); });
        if (wanted && !left)
            out.insert(setting);
    }
    return out;
}

} // namespace riskmap::run
