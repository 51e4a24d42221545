// SPDX-License-Identifier: MIT
#include <riskmap/core/file.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view pending_mark = ".part-";

std::string reason(int number) {
    return std::error_code{number, std::generic_category()}.message();
}

void flush_to_disk(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    const int failed = ::fsync(file);
    const int number = errno;
    ::close(file);
    if (failed != 0 && number != EINVAL && number != EROFS)
        throw cannot_write(path, reason(number));
}

/// What another program that has a database open has written beside it belongs to the file it
/// opened, which lives on for it; beside the new one it would spoil that.
void remove_logs(const fs::path& target) {
    std::error_code ignored;
    const auto extension = target.extension();
    if (extension == ".gpkg" || extension == ".sqlite" || extension == ".db")
        for (const char* ending : {"-wal", "-shm", "-journal"})
            fs::remove(target.string() + ending, ignored);
}

/// Of this machine: processes of another may write to the same folder.
const std::string& machine() {
    static const std::string digits = [] {
        std::array<char, 256> name{};
        ::gethostname(name.data(), name.size() - 1);
        return fmt::format("{:08x}",
                           static_cast<std::uint32_t>(std::hash<std::string_view>{}(name.data())));
    }();
    return digits;
}

/// Whether the process that made a pending file (".x.part-PROCESS-SERIAL-MACHINE.tif") may still
/// be at work.
bool is_alive(std::string_view name) {
    const auto at = name.find(pending_mark) + pending_mark.size();
    const auto number = name.substr(at, name.find('-', at) - at);
    const auto rest = name.substr(std::min(at + number.size() + 1, name.size()));
    const auto of = rest.find('-');
    if (of != std::string_view::npos && !rest.substr(of + 1).starts_with(machine()))
        return true;
    pid_t process = 0;
    const auto [end, fault] =
        std::from_chars(number.data(), number.data() + number.size(), process);
    return fault == std::errc{} && end != number.data() && process > 0 && process != ::getpid() &&
           (::kill(process, 0) == 0 || errno == EPERM);
}

bool is_abandoned(const std::string& name) {
    return name.starts_with('.') && name.find(pending_mark) != std::string::npos && !is_alive(name);
}

/// Removes what killed processes left in a folder and so many below it.
void sweep(const fs::path& folder, int depth) {
    std::error_code ignored;
    std::vector<fs::path> abandoned;
    for (fs::recursive_directory_iterator it{folder, ignored}, end; it != end;
         it.increment(ignored)) {
        if (it.depth() >= depth)
            it.disable_recursion_pending();
        if (is_abandoned(it->path().filename().string()))
            abandoned.push_back(it->path());
    }
    for (const auto& path : abandoned)
        fs::remove(path, ignored);
}

/// A folder, the first time that this process writes there.
void sweep_once(const fs::path& folder) {
    static std::mutex mutex;
    static std::set<fs::path> swept;
    const std::lock_guard lock{mutex};
    std::error_code ignored;
    if (swept.insert(fs::weakly_canonical(folder, ignored)).second)
        sweep(folder, 0);
}

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

class Sha256 {
  public:
    Sha256() : m_context{EVP_MD_CTX_new()} {
        if (!m_context || EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) != 1)
            throw Error{ErrorKind::internal, "SHA-256 is not available"};
    }
    void add(const char* data, std::size_t size) { EVP_DigestUpdate(m_context.get(), data, size); }
    [[nodiscard]] std::string text() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        EVP_DigestFinal_ex(m_context.get(), digest.data(), &size);
        std::string out;
        for (unsigned i = 0; i < size; ++i)
            out += fmt::format("{:02x}", digest[i]);
        return out;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, FreeDigest> m_context;
};

} // namespace

Error cannot_write(const fs::path& path, const std::string& why) {
    return input_error(fmt::format("cannot write '{}': {}", path.string(), why),
                       "check the folder's permission and the free space of the disk");
}

PendingFile::PendingFile(fs::path target) : m_target{std::move(target)} {
    static std::atomic<unsigned> serial{0};
    const auto folder = m_target.has_parent_path() ? m_target.parent_path() : fs::path{"."};
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw cannot_write(folder, failure.message());
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        throw cannot_write(folder, reason(errno));
    sweep_once(folder);
    m_pending =
        folder / fmt::format(".{}{}{}-{}-{}{}", m_target.stem().string(), pending_mark, ::getpid(),
                             ++serial, machine(), m_target.extension().string());
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : m_target{std::move(other.m_target)}, m_pending{std::move(other.m_pending)} {
    other.m_pending.clear();
}

PendingFile::~PendingFile() {
    if (m_pending.empty())
        return;
    std::error_code ignored;
    for (const auto& piece : pieces())
        fs::remove(piece, ignored);
}

std::vector<fs::path> PendingFile::pieces() const {
    std::vector<fs::path> found;
    std::error_code ignored;
    const auto stem = m_pending.stem().string();
    std::error_code unlisted;
    for (fs::directory_iterator it{m_pending.parent_path(), unlisted}, end; it != end;
         it.increment(ignored)) {
        const auto name = it->path().filename().string();
        if (name == stem || name.starts_with(stem + "."))
            found.push_back(it->path());
    }
    // A folder may be written to by those who may not list it.
    if (unlisted)
        for (const char* ending : {"", ".aux.xml", ".ovr", ".msk"})
            if (const fs::path piece{m_pending.string() + ending}; fs::exists(piece, ignored))
                found.push_back(piece);
    return found;
}

void PendingFile::commit() {
    const auto stem = m_pending.stem().string();
    std::error_code failure;
    // The main file goes last: where it stands, its sidecars stand too.
    auto parts = pieces();
    std::stable_partition(parts.begin(), parts.end(),
                          [&](const fs::path& piece) { return piece != m_pending; });
    if (parts.empty())
        throw cannot_write(m_target, "nothing was written");
    remove_logs(m_target);
    for (const auto& piece : parts) {
        flush_to_disk(piece);
        const auto rest = piece.filename().string().substr(stem.size());
        fs::rename(piece, m_target.parent_path() / (m_target.stem().string() + rest), failure);
        if (failure)
            throw cannot_write(m_target, failure.message());
    }
    m_pending.clear();
    // The names, too, must outlive a power cut.
    flush_to_disk(m_target.has_parent_path() ? m_target.parent_path() : fs::path{"."});
}

FolderLock::FolderLock(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    const auto name = folder / ".lock";
    m_file = failure ? -1 : ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_file < 0)
        throw cannot_write(folder, failure ? failure.message() : reason(errno));
    if (::flock(m_file, LOCK_EX | LOCK_NB) != 0) {
        ::close(m_file);
        throw input_error(fmt::format("another run is at work in '{}'", folder.string()),
                          "wait for it to end, or give another folder with --out");
    }
}

FolderLock::~FolderLock() {
    ::close(m_file);
}

void remove_abandoned_files(const fs::path& folder) {
    sweep(folder, 3);
}

void write_file(const fs::path& target, std::string_view content) {
    PendingFile pending{target};
    {
        std::ofstream out{pending.path(), std::ios::binary};
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        out.flush();
        if (!out)
            throw cannot_write(target, reason(errno));
    }
    pending.commit();
}

std::string read_file(const fs::path& path) {
    std::error_code ignored;
    std::ifstream in{path, std::ios::binary};
    if (!in || fs::is_directory(path, ignored))
        throw input_error(
            fmt::format("cannot read '{}': {}", path.string(),
                        fs::exists(path, ignored) ? "not a readable file" : "no such file"),
            "check the name and the folder it is looked for in");
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

std::string sha256(std::string_view content) {
    Sha256 digest;
    digest.add(content.data(), content.size());
    return digest.text();
}

std::string sha256_of_file(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in)
        throw input_error(fmt::format("cannot read '{}'", path.string()));
    Sha256 digest;
    std::vector<char> buffer(std::size_t{1} << 20U);
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        digest.add(buffer.data(), static_cast<std::size_t>(in.gcount()));
    }
    return digest.text();
}

} // namespace riskmap
