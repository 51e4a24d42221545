// SPDX-License-Identifier: MIT
// How work is carried out: threads, memory budget, progress, a way to stop.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace riskmap {

/// Tells how far the work is and asks whether to stop. Cheap to copy; a
/// default-made one is silent and never stops. `report` may be called from
/// any thread; the sink is called as often as `report` is.
class Progress {
  public:
    using Sink = std::function<void(std::string_view stage, double share)>;

    Progress() = default;
    explicit Progress(Sink sink, const std::atomic<bool>* stop = nullptr)
        : m_sink{std::move(sink)}, m_stop{stop} {}

    /// `share` of `stage` is done, in [0, 1].
    void report(std::string_view stage, double share) const {
        if (m_sink)
            m_sink(stage, share);
    }

    /// \throws Error{interrupted} once the user has asked to stop.
    void check() const;

  private:
    Sink m_sink;
    const std::atomic<bool>* m_stop = nullptr;
};

/// The threads of an execution and of all copies of it: loops within loops and steps side by side
/// share them. They come when the first loop wants them.
class Workers {
  public:
    Workers();

    /// Does `work`, whose loops are carried out by at most `threads` threads, this one among them.
    /// A thread that waits for a loop helps with that loop alone: it may hold a lock.
    void carry_out(unsigned threads, const std::function<void()>& work) const;

  private:
    struct State;
    std::shared_ptr<State> m_state;
};

/// The means for a piece of work, passed to everything long.
struct Execution {
    unsigned threads = 0;           ///< 0 = all cores
    std::uint64_t memory_bytes = 0; ///< 0 = a quarter of the machine
    Progress progress = {};
    Workers workers = {};

    [[nodiscard]] unsigned thread_count() const;
    [[nodiscard]] std::uint64_t memory_budget() const;
};

} // namespace riskmap
