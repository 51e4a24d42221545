// SPDX-License-Identifier: MIT
// A fuzz target without a fuzzer: each file of its corpus once, in every build.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    if (argc != 2)
        return 2;
    const std::filesystem::directory_iterator corpus{argv[1]};
    std::set<std::filesystem::path> files;
    for (const auto& entry : corpus)
        files.insert(entry.path());
    for (const auto& file : files) {
        std::printf("%s\n", file.c_str());
        (void)std::fflush(stdout); // the one that ends it is the last
        std::ifstream in{file, std::ios::binary};
        std::ostringstream text;
        text << in.rdbuf();
        const auto bytes = text.str();
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    return files.empty() ? 1 : 0;
}
