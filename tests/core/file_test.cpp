// SPDX-License-Identifier: MIT
#include <riskmap/core/file.hpp>

#include <csignal>
#include <sys/resource.h>

#include "support.hpp"

namespace riskmap {
namespace {

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder}, {}));
}

TEST(PendingFile, AppearsOnlyWhenCommittedWithItsSidecars) {
    const test::Folder folder;
    {
        PendingFile pending{folder / "a.tif"};
        test::write_text(pending.path(), "new");
        test::write_text(pending.path().string() + ".aux.xml", "side");
        EXPECT_FALSE(std::filesystem::exists(folder / "a.tif"));
        pending.commit();
    }
    EXPECT_EQ(test::read_text(folder / "a.tif"), "new");
    EXPECT_EQ(test::read_text(folder / "a.tif.aux.xml"), "side");
    EXPECT_EQ(files_in(folder.path()), 2U);
}

TEST(PendingFile, LeavesTheOldFileAndNoRestIfNotCommitted) {
    const test::Folder folder;
    test::write_text(folder / "a.csv", "old");
    {
        PendingFile pending{folder / "a.csv"};
        test::write_text(pending.path(), "half");
    }
    EXPECT_EQ(test::read_text(folder / "a.csv"), "old");
    EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(PendingFile, SweepsUpAfterAKilledRun) {
    const test::Folder folder;
    test::write_text(folder / ".a.part-123-4.tif", "half");
    test::write_text(folder / ".keep", "mine");
    remove_abandoned_files(folder.path());
    EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(FolderLock, IsForOneAtATime) {
    const test::Folder folder;
    {
        const FolderLock first{folder / "work"};
        test::expect_error(ErrorKind::input, "another run", [&] { FolderLock{folder / "work"}; });
    }
    EXPECT_NO_THROW(FolderLock{folder / "work"});
    test::expect_error(ErrorKind::input, "cannot write", [] { FolderLock{"/proc/x"}; });
}

TEST(File, FullDiskIsAnInputError) {
    test::expect_error(ErrorKind::input, "cannot write", [] { write_file("/dev/full/x", "text"); });
    test::expect_error(ErrorKind::input, "no such file", [] { (void)read_file("/no/such/file"); });
}

TEST(Sha256, MatchesThePublishedVectors) {
    // FIPS 180-4 examples.
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const test::Folder folder;
    test::write_text(folder / "x", "abc");
    EXPECT_EQ(sha256_of_file(folder / "x"), sha256("abc"));
}

TEST(PendingFile, TheMainFileComesAfterItsSidecars) {
    const test::Folder folder;
    test::write_text(folder / "a.tif", "old");
    std::filesystem::create_directories(folder / "a.tif.aux.xml/x"); // no file can go there
    {
        PendingFile pending{folder / "a.tif"};
        test::write_text(pending.path(), "new");
        test::write_text(pending.path().string() + ".aux.xml", "side");
        test::expect_error(ErrorKind::input, "cannot write", [&] { pending.commit(); });
    }
    EXPECT_EQ(test::read_text(folder / "a.tif"), "old");
    EXPECT_EQ(files_in(folder.path()), 2U);
}

/// While it lives no file of this process may be longer, as if the disk were full.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit less{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &less);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        (void)std::signal(SIGXFSZ, m_handler);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit m_before{};
    void (*m_handler)(int) = SIG_DFL;
};

TEST(File, ThatTheDiskHasNoRoomForIsNotWritten) {
    const test::Folder folder;
    test::write_text(folder / "a.txt", "old");
    {
        const FullDisk full{1000};
        test::expect_error(ErrorKind::input, "cannot write",
                           [&] { write_file(folder / "a.txt", std::string(5000, 'x')); });
        write_file(folder / "b.txt", std::string(900, 'y'));
    }
    EXPECT_EQ(test::read_text(folder / "a.txt"), "old");
    EXPECT_EQ(test::read_text(folder / "b.txt").size(), 900U);
    EXPECT_EQ(files_in(folder.path()), 2U);
}

TEST(PendingFile, ThoseOfOtherMachinesAreTheirs) {
    const test::Folder folder;
    // Of a process that is none here, on two other machines; and on no machine, which is ours.
    for (const char* name : {".a.part-4194303-1-00000000.tif", ".a.part-4194303-1-11111111.tif",
                             ".a.part-4194303-1.tif"})
        test::write_text(folder / name, "half");
    remove_abandoned_files(folder.path());
    EXPECT_EQ(files_in(folder.path()), 2U);
    EXPECT_FALSE(std::filesystem::exists(folder / ".a.part-4194303-1.tif"));
}

} // namespace
} // namespace riskmap
