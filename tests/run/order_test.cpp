// SPDX-License-Identifier: MIT
#include "../../libriskmap/run/order.hpp"

#include "support.hpp"

namespace riskmap::run {
namespace {

Step step(const char* id, std::vector<std::filesystem::path> needs,
          std::vector<std::filesystem::path> makes) {
    Step step;
    step.id = id;
    step.needs = std::move(needs);
    step.makes = std::move(makes);
    return step;
}

std::vector<std::string> ids(const std::vector<Step>& steps) {
    std::vector<std::string> out;
    for (const auto& stage : stages_of(steps)) {
        std::string names;
        for (const auto* one : stage)
            names += one->id + " ";
        out.push_back(names);
    }
    return out;
}

TEST(Order, GoesByWhatStepsNeedAndMakeNotByTheirPlace) {
    const std::vector<std::string> wanted{"a e ", "b c ", "d "};
    EXPECT_EQ(ids({step("a", {}, {"1"}), step("b", {"1"}, {"2"}), step("c", {"1"}, {"3"}),
                   step("d", {"2", "3"}, {"4"}), step("e", {"given"}, {"5"})}),
              wanted);
    const std::vector<std::string> turned{"e a ", "c b ", "d "};
    EXPECT_EQ(ids({step("d", {"2", "3"}, {"4"}), step("e", {"given"}, {"5"}),
                   step("c", {"1"}, {"3"}), step("b", {"1"}, {"2"}), step("a", {}, {"1"})}),
              turned);
}

TEST(Order, RefusesCirclesAndTwoMakersOfOneFile) {
    test::expect_error(ErrorKind::internal, "wait for one another", [] {
        (void)stages_of(std::vector{step("a", {"2"}, {"1"}), step("b", {"1"}, {"2"})});
    });
    test::expect_error(ErrorKind::internal, "both make", [] {
        (void)stages_of(std::vector{step("a", {}, {"1"}), step("b", {}, {"1"})});
    });
}

} // namespace
} // namespace riskmap::run
