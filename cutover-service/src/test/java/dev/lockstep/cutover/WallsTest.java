package dev.lockstep.cutover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of the house (docs/design.md, section 3): arrows run one way, ingest and stream meet in topics alone. */
@AnalyzeClasses(packages = "dev.lockstep", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

    @ArchTest
    static final ArchRule schemasKnowNobody = noClasses()
            .that()
            .resideInAPackage("dev.lockstep.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.lockstep.ingest..", "dev.lockstep.stream..", "dev.lockstep.cutover..");

    @ArchTest
    static final ArchRule ingestKnowsSchemasAlone = noClasses()
            .that()
            .resideInAPackage("dev.lockstep.ingest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.lockstep.stream..", "dev.lockstep.cutover..");

    @ArchTest
    static final ArchRule streamKnowsSchemasAlone = noClasses()
            .that()
            .resideInAPackage("dev.lockstep.stream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.lockstep.ingest..", "dev.lockstep.cutover..");

    @ArchTest
    static final ArchRule wiringStandsInTheCommandsAlone = noClasses()
            .that()
            .resideOutsideOfPackage("dev.lockstep.cutover.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.lockstep.cutover.cli..");

    @ArchTest
    static final ArchRule theDemoIsNoPartOfTheJob = noClasses()
            .that()
            .resideOutsideOfPackages("dev.lockstep.cutover.demo..", "dev.lockstep.cutover.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.lockstep.cutover.demo..");

    @ArchTest
    static final ArchRule gatesAreValues = noClasses()
            .that()
            .resideInAPackage("dev.lockstep.cutover.gate..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "java.net..", "org.apache.kafka..", "org.xbill..");

    @ArchTest
    static final ArchRule noRoomsInCircles =
            slices().matching("dev.lockstep.(*).(*)..").should().beFreeOfCycles();
}
