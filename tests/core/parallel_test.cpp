// SPDX-License-Identifier: MIT
#include <riskmap/core/parallel.hpp>

#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <thread>

#include "support.hpp"

namespace riskmap {
namespace {

TEST(Parallel, TakesResultsInOrderForAnyNumberOfThreads) {
    for (const unsigned threads : {1U, 2U, 4U, 7U}) {
        std::vector<std::size_t> taken;
        parallel_ordered(
            {.threads = threads}, "test", {100}, [](std::size_t i) { return i * i; },
            [&](std::size_t i, std::size_t square) {
                EXPECT_EQ(square, i * i);
                taken.push_back(i);
            });
        std::vector<std::size_t> expected(100);
        std::iota(expected.begin(), expected.end(), std::size_t{0});
        EXPECT_EQ(taken, expected);
    }
}

/// Counts the threads that are in it at a time, each once.
class Meeting {
  public:
    /// Comes in and stays until as many as wanted have been seen, or patience is at its end.
    void attend(std::size_t wanted) {
        {
            const std::lock_guard lock{m_mutex};
            m_seen.insert(std::this_thread::get_id());
            most = std::max(most, m_seen.size());
        }
        for (int patience = 0; patience < 20000; ++patience) {
            {
                const std::lock_guard lock{m_mutex};
                if (m_seen.size() >= wanted)
                    return;
            }
            std::this_thread::sleep_for(std::chrono::microseconds{100});
        }
    }
    std::size_t most = 0;

  private:
    std::mutex m_mutex;
    std::set<std::thread::id> m_seen;
};

TEST(Parallel, LoopsSideBySideShareAllThreads) {
    const ThreadLimit limit{8};
    const Execution execution{.threads = 8};
    Meeting meeting;
    parallel_for(execution, 4, [&](std::size_t) {
        const Execution inner = execution;
        parallel_for(inner, 64, [&](std::size_t) { meeting.attend(8); });
    });
    EXPECT_EQ(meeting.most, 8U);
}

TEST(Parallel, NoMoreThreadsThanAskedFor) {
    const ThreadLimit limit{8};
    const Execution execution{.threads = 3};
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    parallel_for(execution, 4, [&](std::size_t) {
        parallel_for(execution, 200, [&](std::size_t) {
            const int now = ++inside;
            for (int known = most; now > known && !most.compare_exchange_weak(known, now);) {
            }
            std::this_thread::yield();
            --inside;
        });
    });
    EXPECT_LE(most, 3);
}

TEST(Parallel, WhoHoldsALockMayWaitForALoop) {
    const ThreadLimit limit{4};
    const Execution execution{.threads = 4};
    std::mutex mutex;
    std::atomic<int> done{0};
    parallel_for(execution, 64, [&](std::size_t) {
        const std::lock_guard lock{mutex};
        parallel_for(execution, 16, [&](std::size_t) { ++done; });
    });
    EXPECT_EQ(done, 64 * 16);
}

TEST(Parallel, ThrowsTheErrorOfTheWork) {
    test::expect_error(ErrorKind::input, "seven", [] {
        parallel_for({.threads = 2}, 20, [](std::size_t i) {
            if (i == 7)
                throw input_error("seven");
        });
    });
}

TEST(Parallel, StopsOnRequest) {
    std::atomic<bool> stop{false};
    const Execution execution{.threads = 2, .memory_bytes = 0, .progress = Progress{{}, &stop}};
    test::expect_error(ErrorKind::interrupted, "stopped", [&] {
        parallel_for(execution, 1000, [&](std::size_t i) { stop = stop || i == 3; });
    });
}

TEST(Parallel, ReportsProgressUpToTheEnd) {
    double last = 0;
    const Progress progress{[&](std::string_view, double share) { last = share; }};
    parallel_ordered(
        {.threads = 2, .memory_bytes = 0, .progress = progress}, "test", {9},
        [](std::size_t i) { return i; }, [](std::size_t, std::size_t) {});
    EXPECT_DOUBLE_EQ(last, 1);
}

TEST(ParallelStream, TakesInTheOrderOfReading) {
    for (const unsigned threads : {1U, 2U, 4U}) {
        Execution execution;
        execution.threads = threads;
        int next = 0;
        std::vector<int> taken;
        parallel_stream(
            execution,
            [&]() -> std::optional<int> {
                if (next == 500)
                    return std::nullopt;
                return next++;
            },
            [](int piece) { return piece * 2; }, [&](int result) { taken.push_back(result); });
        ASSERT_EQ(taken.size(), 500U);
        for (int i = 0; i < 500; ++i)
            EXPECT_EQ(taken[i], 2 * i);
    }
}

TEST(ParallelStream, PassesOnWhatIsThrown) {
    Execution execution;
    execution.threads = 2;
    int next = 0;
    const auto read = [&]() -> std::optional<int> { return next++; };
    EXPECT_THROW(parallel_stream(
                     execution, read,
                     [](int piece) {
                         if (piece == 40)
                             throw input_error("the fortieth");
                         return piece;
                     },
                     [](int) {}),
                 Error);
    EXPECT_LT(next, 100);
    EXPECT_THROW(parallel_stream(
                     execution, [&]() -> std::optional<int> { throw input_error("x"); },
                     [](int piece) { return piece; }, [](int) {}),
                 Error);
}

TEST(Parallel, APieceThatTheMemoryHasNoRoomForIsRefused) {
    Execution small;
    small.memory_bytes = 1 << 20;
    test::expect_error(ErrorKind::input, "--memory is too small", [&] {
        parallel_ordered(
            small, "step", {4, 2 << 20}, [](std::size_t i) { return i; },
            [](std::size_t, std::size_t) {});
    });
    std::size_t sum = 0;
    parallel_ordered(
        small, "step", {4, 1 << 18}, [](std::size_t i) { return i; },
        [&](std::size_t, std::size_t i) { sum += i; });
    EXPECT_EQ(sum, 6U);
}

} // namespace
} // namespace riskmap
