// SPDX-License-Identifier: MIT
#include "package.hpp"

namespace riskmap::atlas {

std::vector<std::filesystem::path> beside(const std::filesystem::path& target,
                                          std::initializer_list<const char*> suffixes) {
    std::vector<std::filesystem::path> files;
    for (const char* suffix : suffixes) {
        auto name = target.stem();
        name += suffix;
        files.push_back(target.parent_path() / name);
    }
    return files;
}

} // namespace riskmap::atlas
