// SPDX-License-Identifier: MIT
#pragma once

#include <riskmap/census/mend.hpp>
#include <riskmap/census/report.hpp>
#include <riskmap/geo/process.hpp>

#include "target.hpp"

namespace riskmap::fuzz {

/// A file as a layer: checked with all rules, mended, and the findings written out.
inline void check_file(const std::filesystem::path& file, const char* spec) {
    [[maybe_unused]] static const bool owned = [] {
        own_process(std::uint64_t{256} << 20U);
        return true;
    }();
    spec::Source source;
    source.file = file;
    source.spec = spec;
    source.crs = "EPSG:4490";
    Execution execution;
    execution.threads = 1;
    answer([&] {
        const auto report =
            census::check(std::span{&source, 1}, {}, spec::built_in_specs(), execution);
        demand(!census::check_json(report, Language::zh).empty(), "there is a report");
        demand(!census::check_page(report, Language::en).empty(), "there is a page");
    });
    answer(
        [&] { (void)census::mended(source, &spec::spec_named(spec::built_in_specs(), spec), {}); });
}

/// Bytes as a layer.
inline void check_layer(const std::uint8_t* data, std::size_t size, const char* name,
                        const char* spec) {
    check_file(file_of(data, size, name), spec);
}

} // namespace riskmap::fuzz
