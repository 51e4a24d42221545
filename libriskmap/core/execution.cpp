// SPDX-License-Identifier: MIT
#include <riskmap/core/execution.hpp>

#include <algorithm>
#include <thread>

#include <unistd.h>

#include <riskmap/core/error.hpp>

namespace riskmap {

void Progress::check() const {
    if (m_stop != nullptr && m_stop->load(std::memory_order_relaxed))
        throw Error{ErrorKind::interrupted, "stopped on request",
                    "run the same command again to go on from the last finished step"};
}

unsigned Execution::thread_count() const {
    return threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t Execution::memory_budget() const {
    if (memory_bytes != 0)
        return memory_bytes;
    const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 4;
}

} // namespace riskmap
