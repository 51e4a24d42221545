// SPDX-License-Identifier: MIT
#pragma once

#include <riskmap/census/mend.hpp>
#include <riskmap/census/report.hpp>

#include "target.hpp"

namespace riskmap::fuzz {

/// Bytes as a layer: checked with all rules, mended, and the findings written out.
inline void check_layer(const std::uint8_t* data, std::size_t size, const char* name,
                        const char* spec) {
    spec::Source source;
    source.file = file_of(data, size, name);
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

} // namespace riskmap::fuzz
