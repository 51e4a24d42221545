// SPDX-License-Identifier: MIT
#include <riskmap/core/file.hpp>

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

} // namespace
} // namespace riskmap
