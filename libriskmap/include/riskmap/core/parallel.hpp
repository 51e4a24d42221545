// SPDX-License-Identifier: MIT
// The parallel loops of riskmap. Results never depend on the number of
// threads: reductions are taken in index order.
#pragma once

#include <riskmap/core/execution.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace riskmap {

/// How many threads all loops of the process together may use, for as long as it lives. Without one
/// there are as many as cores, whatever an execution asks for. A setting of the whole process: for
/// programs, never set by the library.
class ThreadLimit {
  public:
    explicit ThreadLimit(unsigned threads);
    ~ThreadLimit();
    ThreadLimit(const ThreadLimit&) = delete;
    ThreadLimit& operator=(const ThreadLimit&) = delete;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Calls `body(i)` for i in [0, n) in any order on all threads. The first
/// exception stops the loop and is thrown again here.
void parallel_for(const Execution& execution, std::size_t n,
                  const std::function<void(std::size_t)>& body);

namespace detail {
void parallel_ordered(const Execution& execution, std::string_view stage, std::size_t n,
                      std::uint64_t bytes_each,
                      const std::function<std::shared_ptr<void>(std::size_t)>& make,
                      const std::function<void(std::size_t, void*)>& take);
void parallel_stream(const Execution& execution, const std::function<std::shared_ptr<void>()>& read,
                     const std::function<std::shared_ptr<void>(void*)>& make,
                     const std::function<void(void*)>& take);
} // namespace detail

/// What is done in order: `n` pieces of work, for each of which about
/// `bytes_each` bytes of memory are in use (0: too little to care).
struct Pieces {
    std::size_t n = 0;
    std::uint64_t bytes_each = 0;
};

/// Calls `make(i)` in parallel and hands each result to `take(i, result)` one
/// at a time in index order. At most two pieces per thread are under way at once,
/// and no more than fit into the memory budget, so memory does not grow with n.
/// Reports progress and stops on request.
/// \throws Error{input} if not even one piece fits, naming the least that does.
template <class Make, class Take>
void parallel_ordered(const Execution& execution, std::string_view stage, Pieces pieces,
                      Make&& make, Take&& take) {
    using Result = decltype(make(std::size_t{}));
    detail::parallel_ordered(
        execution, stage, pieces.n, pieces.bytes_each,
        [&](std::size_t i) -> std::shared_ptr<void> { return std::make_shared<Result>(make(i)); },
        [&](std::size_t i, void* result) { take(i, std::move(*static_cast<Result*>(result))); });
}

/// What comes one after the other and is worked on in parallel: `read()` gives an
/// optional piece, one call at a time, until it gives none; `make(piece)` runs on all
/// threads; `take(result)` gets the results one at a time, in the order they were read.
/// At most two pieces per thread are under way at once.
template <class Read, class Make, class Take>
void parallel_stream(const Execution& execution, Read&& read, Make&& make, Take&& take) {
    using Piece = typename decltype(read())::value_type;
    using Result = decltype(make(std::declval<Piece&>()));
    detail::parallel_stream(
        execution,
        [&]() -> std::shared_ptr<void> {
            auto piece = read();
            return piece ? std::make_shared<Piece>(std::move(*piece)) : nullptr;
        },
        [&](void* piece) -> std::shared_ptr<void> {
            return std::make_shared<Result>(make(*static_cast<Piece*>(piece)));
        },
        [&](void* result) { take(std::move(*static_cast<Result*>(result))); });
}

} // namespace riskmap
