// SPDX-License-Identifier: MIT
#include <riskmap/zoning/quality.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_f.hpp>

namespace riskmap::zoning {

namespace {

double upper_tail(double f, double between, double within, double lambda) {
    try {
        if (lambda > 0)
            return boost::math::cdf(
                boost::math::complement(boost::math::non_central_f{between, within, lambda}, f));
        return boost::math::cdf(boost::math::complement(boost::math::fisher_f{between, within}, f));
    } catch (const std::exception&) {
        return 0; // the series does not converge only where the tail is below any printed digit
    }
}

} // namespace

Stratification geodetector(std::span<const double> values, std::span<const int> zone) {
    struct Group {
        double count = 0;
        double sum = 0;
        double squares = 0;
    };
    double n = 0;
    double sum = 0;
    for (const double v : values)
        if (!std::isnan(v)) {
            n += 1;
            sum += v;
        }
    const double mean = n > 0 ? sum / n : 0;
    std::map<int, Group> groups;
    double total = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]))
            continue;
        const double d = values[i] - mean; // deviations keep the digits
        auto& group = groups[zone[i]];
        group.count += 1;
        group.sum += d;
        group.squares += d * d;
        total += d * d;
    }
    const auto strata = static_cast<double>(groups.size());
    Stratification out;
    if (total <= 0 || strata < 2)
        return out;
    double within = 0;
    double of_squares = 0;
    double of_roots = 0;
    for (const auto& [name, group] : groups) {
        within += group.squares - group.sum * group.sum / group.count;
        const double group_mean = mean + group.sum / group.count;
        of_squares += group_mean * group_mean;
        of_roots += std::sqrt(group.count) * group_mean;
    }
    out.q = std::clamp(1 - within / total, 0.0, 1.0);
    if (n <= strata || out.q >= 1)
        return out.q >= 1 && n > strata ? Stratification{1, HUGE_VAL, 0} : out;
    out.f = (n - strata) / (strata - 1) * out.q / (1 - out.q);
    const double variance = total / n;
    const double lambda = (of_squares - of_roots * of_roots / n) / variance;
    out.p_value = upper_tail(out.f, strata - 1, n - strata, lambda);
    return out;
}

} // namespace riskmap::zoning
