// SPDX-License-Identifier: MIT
#include "terminal.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace riskmap::tool {

namespace {

std::atomic<bool> stop{false};
std::mutex line_mutex;
bool line_drawn = false;

void on_signal(int number) {
    stop.store(true);
    std::signal(number, SIG_DFL);
}

void draw_line(std::string_view stage, double share) {
    using Clock = std::chrono::steady_clock;
    static Clock::time_point last{};
    const std::lock_guard lock{line_mutex};
    const auto now = Clock::now();
    if (share < 1 && now - last < std::chrono::milliseconds{100})
        return;
    last = now;
    constexpr int width = 30;
    const int done = static_cast<int>(share * width);
    tell(fmt::format("\r\033[K{:<28.28} [{}{}] {:3.0f} %", stage, std::string(done, '='),
                     std::string(width - done, ' '), share * 100));
    line_drawn = true;
}

} // namespace

void open_streams() {
    // A file that is opened later must not become standard output. What is written to one that
    // was closed fails, as it should.
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(stream, F_GETFD) == -1)
            (void)open("/dev/null", O_RDONLY); // the lowest that is free: this one
}

void tell(const std::string& text) {
    // Where nobody can hear there is nobody to tell.
    (void)std::fputs(text.c_str(), stderr);
}

bool output_is_whole() {
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

bool on_terminal() {
    return isatty(STDERR_FILENO) != 0;
}

void clear_progress() {
    const std::lock_guard lock{line_mutex};
    if (line_drawn)
        tell("\r\033[K");
    line_drawn = false;
}

Progress terminal_progress(bool draw) {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    std::signal(SIGHUP, on_signal);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a file grown too large is an error to report, not a death
    return draw && on_terminal() ? Progress{draw_line, &stop} : Progress{{}, &stop};
}

} // namespace riskmap::tool
