// SPDX-License-Identifier: MIT
#include <riskmap/core/table.hpp>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap {

void throw_unknown_name(const std::string& what, const std::string& name,
                        const std::vector<std::string>& known) {
    const auto near = nearest_name(name, known);
    throw Error{ErrorKind::usage, fmt::format("unknown {} '{}'", what, name),
                near ? fmt::format("did you mean '{}'?", *near)
                     : fmt::format("known: {}", fmt::join(known, ", "))};
}

} // namespace riskmap
