// SPDX-License-Identifier: MIT
// A MapInfo layer: the .tab, and behind a line of its own each of the files that it pulls in.
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view between = "\n=====\n";
    auto rest = riskmap::fuzz::text_of(data, size);
    const auto next = [&] {
        const auto end = std::min(rest.find(between), rest.size());
        const auto part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + between.size(), rest.size()));
        return part;
    };
    const auto head = next();
    for (const char* name : {"layer.dat", "layer.map", "layer.id", "layer.ind"}) {
        const auto part = next();
        riskmap::fuzz::file_of(reinterpret_cast<const std::uint8_t*>(part.data()), part.size(),
                               name);
    }
    riskmap::fuzz::check_layer(reinterpret_cast<const std::uint8_t*>(head.data()), head.size(),
                               "layer.tab", "villages");
    return 0;
}
