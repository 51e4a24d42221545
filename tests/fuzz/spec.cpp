// SPDX-License-Identifier: MIT
// Layer specifications.
#include <riskmap/spec/spec.hpp>

#include "target.hpp"

using namespace riskmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::answer([&] {
        const auto specs = spec::parse_specs(std::string{fuzz::text_of(data, size)}, "fuzz.toml");
        (void)spec::spec_page(specs);
        const std::vector<vector::Field> fields{{"code", vector::FieldType::text, {}},
                                                {"名称", vector::FieldType::text, {}}};
        for (const auto& spec : specs)
            (void)spec::map_fields(spec, fields, {}, true);
    });
    return 0;
}
