// SPDX-License-Identifier: MIT
// A zipped layer, as a delivery of its own.
#include <riskmap/census/delivery.hpp>

#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace riskmap;
    spec::Source source;
    source.file = fuzz::file_of(data, size, "townships.zip");
    fuzz::answer([&] {
        for (const auto& layer : census::delivery_of(std::span{&source, 1}).sources)
            fuzz::check_file(layer.file, "townships");
    });
    return 0;
}
