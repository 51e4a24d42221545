// SPDX-License-Identifier: MIT
#include "sealed.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.hpp"

namespace riskmap::test {

namespace {

using Filter = std::vector<sock_filter>;

sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
sock_filter answer(std::uint32_t action) {
    return BPF_STMT(BPF_RET | BPF_K, action);
}
/// Goes on with the next if the loaded word is `value`, else passes over `others`.
sock_filter if_equal(std::uint32_t value, std::uint8_t others) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, others);
}

constexpr std::size_t number = offsetof(seccomp_data, nr);
constexpr std::size_t argument(std::size_t i, bool high = false) {
    return offsetof(seccomp_data, args) + 8 * i + (high ? 4 : 0); // little endian
}

void forbid(Filter& filter, long call) {
    filter.push_back(if_equal(static_cast<std::uint32_t>(call), 1));
    filter.push_back(answer(SECCOMP_RET_KILL_PROCESS));
}

/// A call is forbidden where its argument has one of some bits (or has none of them).
void forbid_bits(Filter& filter, long call, std::size_t which, std::uint32_t bits, bool set) {
    filter.push_back(if_equal(static_cast<std::uint32_t>(call), 4));
    filter.push_back(load(argument(which)));
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, static_cast<std::uint8_t>(!set),
                              static_cast<std::uint8_t>(set)));
    filter.push_back(answer(SECCOMP_RET_KILL_PROCESS));
    filter.push_back(answer(SECCOMP_RET_ALLOW));
}

/// A call that is answered as one that this kernel does not have, so that an older one comes.
void hide(Filter& filter, long call) {
    filter.push_back(if_equal(static_cast<std::uint32_t>(call), 1));
    filter.push_back(answer(SECCOMP_RET_ERRNO | ENOSYS));
}

/// Everything may be called but what acts; `program` may be started, from its name at that place.
Filter seal(const char* program) {
    const auto place = reinterpret_cast<std::uintptr_t>(program);
    Filter filter{load(number)};
    // execve of our own program: by where its name stands in memory.
    filter.push_back(if_equal(SYS_execve, 6));
    filter.push_back(load(argument(0)));
    filter.push_back(if_equal(static_cast<std::uint32_t>(place), 3));
    filter.push_back(load(argument(0, true)));
    filter.push_back(if_equal(static_cast<std::uint32_t>(place >> 32U), 1));
    filter.push_back(answer(SECCOMP_RET_ALLOW));
    filter.push_back(answer(SECCOMP_RET_KILL_PROCESS));
    constexpr std::uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
    forbid_bits(filter, SYS_openat, 2, writing, true);
    forbid_bits(filter, SYS_clone, 0, CLONE_THREAD, false);
#ifdef SYS_open
    forbid_bits(filter, SYS_open, 1, writing, true);
    for (const long call : {SYS_creat, SYS_fork, SYS_vfork, SYS_rename, SYS_unlink, SYS_mkdir,
                            SYS_rmdir, SYS_link, SYS_symlink, SYS_mknod, SYS_chmod, SYS_utimes})
        forbid(filter, call);
#endif
    for (const long call :
         {SYS_execveat, SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_renameat, SYS_renameat2,
          SYS_unlinkat, SYS_mkdirat, SYS_linkat, SYS_symlinkat, SYS_mknodat, SYS_truncate,
          SYS_ftruncate, SYS_fchmod, SYS_fchmodat, SYS_utimensat, SYS_ptrace})
        forbid(filter, call);
    hide(filter, SYS_clone3);
    hide(filter, SYS_openat2);
    filter.push_back(answer(SECCOMP_RET_ALLOW));
    return filter;
}

std::string drain(int file) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto n = read(file, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    close(file);
    return text;
}

constexpr int no_seal = 125;

} // namespace

Sealed sealed(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
    std::vector<std::string> words{program_file()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    auto filter = seal(pointers[0]);
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    const Folder scratch;
    const auto errors = scratch / "stderr";
    const int error_file = open(errors.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(pipe[1], STDOUT_FILENO);
        dup2(error_file, STDERR_FILENO);
        close(pipe[0]);
        close(pipe[1]);
        if (chdir(folder.c_str()) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
            _exit(no_seal);
        execv(pointers[0], pointers.data());
        _exit(127);
    }
    close(pipe[1]);
    close(error_file);
    Sealed result;
    result.out = drain(pipe[0]);
    int status = 0;
    waitpid(child, &status, 0);
    result.error = read_text(errors);
    result.overstepped = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    EXPECT_NE(result.status, no_seal) << "the kernel takes no seccomp filter";
    return result;
}

} // namespace riskmap::test
