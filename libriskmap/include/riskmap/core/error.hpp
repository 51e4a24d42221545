// SPDX-License-Identifier: MIT
// The one exception of riskmap: what went wrong, where, and how to mend it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace riskmap {

/// Why work could not be done; each kind has its exit status (`exit_status`).
enum class ErrorKind {
    input,       ///< the data or a file is not usable                     (1)
    usage,       ///< the command line is not understood                   (2)
    internal,    ///< a bug in riskmap                                     (3)
    infeasible,  ///< the question has no answer under the given limits    (4)
    interrupted, ///< the user stopped the work                            (130)
};

/// Text that may hold names from data, fit for one line of a terminal: control characters
/// become blanks.
[[nodiscard]] inline std::string on_one_line(std::string text) {
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = ' ';
    return text;
}

/// Thrown by every riskmap function that cannot do its work. `what()` is one
/// line that names the file, layer or key; `hint()` says how to mend it.
class Error : public std::runtime_error {
  public:
    Error(ErrorKind kind, std::string message, std::string hint = {})
        : std::runtime_error(on_one_line(std::move(message))), m_kind{kind}, m_hint{on_one_line(
                                                                                 std::move(hint))} {
    }

    [[nodiscard]] ErrorKind kind() const noexcept { return m_kind; }
    [[nodiscard]] const std::string& hint() const noexcept { return m_hint; }

  private:
    ErrorKind m_kind;
    std::string m_hint;
};

/// An input error: the most common kind.
[[nodiscard]] inline Error input_error(const std::string& message, std::string hint = {}) {
    return Error{ErrorKind::input, message, std::move(hint)};
}

/// The process exit status of an error kind.
[[nodiscard]] constexpr int exit_status(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::input:
        return 1;
    case ErrorKind::usage:
        return 2;
    case ErrorKind::internal:
        return 3;
    case ErrorKind::infeasible:
        return 4;
    case ErrorKind::interrupted:
        return 130;
    }
    return 3;
}

} // namespace riskmap
