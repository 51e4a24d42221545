// SPDX-License-Identifier: MIT
#include <riskmap/core/parallel.hpp>

#include <algorithm>
#include <map>
#include <mutex>

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>

#ifdef RISKMAP_TELLS_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif

namespace riskmap {

namespace tbb = oneapi::tbb;

namespace {

/// Tells ThreadSanitizer what TBB, which is not built with it, orders out of its sight: what was
/// done before `give` is seen after `take_over`. Nothing in any other build.
void give([[maybe_unused]] const void* what) noexcept {
#ifdef RISKMAP_TELLS_THREAD_SANITIZER
    __tsan_release(const_cast<void*>(what));
#endif
}
void take_over([[maybe_unused]] const void* what) noexcept {
#ifdef RISKMAP_TELLS_THREAD_SANITIZER
    __tsan_acquire(const_cast<void*>(what));
#endif
}

/// A stretch of work that comes after one `give` and before another `take_over`.
class Stretch {
  public:
    Stretch(const void* after, const void* before) : m_before{before} { take_over(after); }
    ~Stretch() { give(m_before); }
    Stretch(const Stretch&) = delete;
    Stretch& operator=(const Stretch&) = delete;

  private:
    const void* m_before;
};

/// All of what many threads do together: they see what was before, and what they did is seen after.
class Together {
  public:
    Together() { give(&m_start); }
    ~Together() { take_over(&m_end); }
    Together(const Together&) = delete;
    Together& operator=(const Together&) = delete;
    [[nodiscard]] Stretch piece() const { return {&m_start, &m_end}; }

  private:
    char m_start = 0;
    char m_end = 0;
};

} // namespace

struct Workers::State {
    std::mutex mutex;
    std::map<unsigned, tbb::task_arena> arenas; ///< mostly one: copies may ask for fewer threads

    tbb::task_arena& arena(unsigned threads) {
        const std::lock_guard lock{mutex};
        return arenas.try_emplace(threads, static_cast<int>(threads)).first->second;
    }
};

Workers::Workers() : m_state{std::make_shared<State>()} {}

void Workers::carry_out(unsigned threads, const std::function<void()>& work) const {
    m_state->arena(threads).execute([&] { tbb::this_task_arena::isolate(work); });
}

struct ThreadLimit::State {
    tbb::global_control control;
};

ThreadLimit::ThreadLimit(unsigned threads)
    : m_state{new State{tbb::global_control{tbb::global_control::max_allowed_parallelism,
                                            std::max(1U, threads)}}} {}

ThreadLimit::~ThreadLimit() = default;

void parallel_for(const Execution& execution, std::size_t n,
                  const std::function<void(std::size_t)>& body) {
    const auto step = [&](std::size_t i) {
        execution.progress.check();
        body(i);
    };
    const unsigned threads = execution.thread_count();
    if (threads == 1 || n < 2) {
        for (std::size_t i = 0; i < n; ++i)
            step(i);
        return;
    }
    const Together all;
    execution.workers.carry_out(threads, [&] {
        tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
            const auto piece = all.piece();
            step(i);
        });
    });
}

namespace detail {

/// How many pieces of work may be under way at a time.
std::size_t pieces_at_a_time(const Execution& execution, std::string_view stage,
                             std::uint64_t bytes_each) {
    const std::size_t wanted = std::size_t{2} * execution.thread_count();
    if (bytes_each == 0)
        return wanted;
    const auto fitting = execution.memory_budget() / bytes_each;
    if (fitting == 0) {
        constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
        throw MemoryError(
            fmt::format("--memory is too small: the step '{}' works on {} MB at a time", stage,
                        bytes_each / mebibyte + 1),
            fmt::format("give --memory {}M or more", bytes_each / mebibyte + 1));
    }
    return std::min<std::uint64_t>(wanted, fitting);
}

void parallel_ordered(const Execution& execution, std::string_view stage, std::size_t n,
                      std::uint64_t bytes_each,
                      const std::function<std::shared_ptr<void>(std::size_t)>& make,
                      const std::function<void(std::size_t, void*)>& take) {
    const auto finish = [&](std::size_t i, void* result) {
        execution.progress.check();
        take(i, result);
        execution.progress.report(stage, static_cast<double>(i + 1) / static_cast<double>(n));
    };
    const unsigned threads = execution.thread_count();
    const std::size_t at_a_time = pieces_at_a_time(execution, stage, bytes_each);
    if (threads == 1 || at_a_time == 1 || n < 2) {
        for (std::size_t i = 0; i < n; ++i) {
            execution.progress.check();
            finish(i, make(i).get());
        }
        return;
    }
    using Item = std::pair<std::size_t, std::shared_ptr<void>>;
    std::size_t next = 0;
    const Together all;
    const char in_turn = 0; // results are taken one after the other
    execution.workers.carry_out(threads, [&] {
        tbb::parallel_pipeline(
            at_a_time, tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order,
                                                           [&](tbb::flow_control& control) {
                                                               const Stretch one{&next, &next};
                                                               if (next == n)
                                                                   control.stop();
                                                               return next == n ? n : next++;
                                                           }) &
                           tbb::make_filter<std::size_t, Item>(tbb::filter_mode::parallel,
                                                               [&](std::size_t i) {
                                                                   const auto piece = all.piece();
                                                                   execution.progress.check();
                                                                   Item item{i, make(i)};
                                                                   give(item.second.get());
                                                                   return item;
                                                               }) &
                           tbb::make_filter<Item, void>(tbb::filter_mode::serial_in_order,
                                                        [&](const Item& item) {
                                                            const auto piece = all.piece();
                                                            const Stretch one{&in_turn, &in_turn};
                                                            take_over(item.second.get());
                                                            finish(item.first, item.second.get());
                                                        }));
    });
}

void parallel_stream(const Execution& execution, const std::function<std::shared_ptr<void>()>& read,
                     const std::function<std::shared_ptr<void>(void*)>& make,
                     const std::function<void(void*)>& take) {
    const unsigned threads = execution.thread_count();
    if (threads == 1) {
        while (const auto piece = read()) {
            execution.progress.check();
            take(make(piece.get()).get());
        }
        return;
    }
    using Item = std::shared_ptr<void>;
    const Together all;
    const char read_in_turn = 0;
    const char taken_in_turn = 0;
    execution.workers.carry_out(threads, [&] {
        tbb::parallel_pipeline(
            std::size_t{2} * threads,
            tbb::make_filter<void, Item>(tbb::filter_mode::serial_in_order,
                                         [&](tbb::flow_control& control) {
                                             const auto stretch = all.piece();
                                             const Stretch one{&read_in_turn, &read_in_turn};
                                             auto piece = read();
                                             if (!piece)
                                                 control.stop();
                                             give(piece.get());
                                             return piece;
                                         }) &
                tbb::make_filter<Item, Item>(tbb::filter_mode::parallel,
                                             [&](const Item& piece) {
                                                 const auto stretch = all.piece();
                                                 take_over(piece.get());
                                                 execution.progress.check();
                                                 auto result = make(piece.get());
                                                 give(result.get());
                                                 return result;
                                             }) &
                tbb::make_filter<Item, void>(tbb::filter_mode::serial_in_order,
                                             [&](const Item& result) {
                                                 const auto stretch = all.piece();
                                                 const Stretch one{&taken_in_turn, &taken_in_turn};
                                                 take_over(result.get());
                                                 take(result.get());
                                             }));
    });
}

} // namespace detail
} // namespace riskmap
