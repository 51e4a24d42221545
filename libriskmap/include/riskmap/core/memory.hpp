// SPDX-License-Identifier: MIT
// The error of work that does not fit into the memory budget: the data are in order.
#pragma once

#include <string>

#include <riskmap/core/error.hpp>

namespace riskmap {

/// `what` needs more than the budget; the hint names what would do. It is an input error by its
/// exit status, and a kind of its own for those who tell of inputs.
class MemoryError : public Error {
  public:
    MemoryError(const std::string& what, const std::string& hint)
        : Error{ErrorKind::input, what, hint} {}
};

} // namespace riskmap
