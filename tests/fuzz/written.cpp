// SPDX-License-Identifier: MIT
// Numbers, dates, codes and coordinates as people write them.
#include <riskmap/spec/written.hpp>

#include <cmath>

#include <riskmap/core/text.hpp>

#include "target.hpp"

using namespace riskmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    for (const char* unit : {"", "persons", "m2", "10 000 yuan", "share"})
        if (const auto number = spec::read_number(text, unit)) {
            fuzz::demand(std::isfinite(number->value), "a number is finite");
            const auto again = spec::read_number(number_text(number->value), unit);
            fuzz::demand(again && again->plain && again->value == number->value,
                         "a number reads as itself");
        }
    if (const auto date = spec::read_date(text)) {
        const auto again = spec::read_date(date->date.text());
        fuzz::demand(again && again->plain && again->date.text() == date->date.text(),
                     "a date reads as itself");
    }
    for (const auto& digits : {std::vector<int>{}, std::vector<int>{9}, std::vector<int>{6, 12}})
        if (const auto code = spec::read_code(text, digits)) {
            const auto again = spec::read_code(code->code, digits);
            fuzz::demand(again && again->plain && again->code == code->code,
                         "a code reads as itself");
        }
    if (const auto coordinate = spec::read_coordinate(text))
        fuzz::demand(std::isfinite(coordinate->value), "a coordinate is finite");
    (void)spec::says_nothing(text);
    fuzz::demand(is_utf8(to_utf8(text)), "text becomes UTF-8");
    return 0;
}
