package dev.lockstep.cutover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls of the house (docs/design.md, section 3): arrows run one way, ingest and stream meet in topics alone. */
class WallsTest {

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.lockstep");

    @Test
    void schemasKnowNobody() {
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep.schemas..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.lockstep.ingest..", "dev.lockstep.stream..", "dev.lockstep.cutover..")
                .check(HOUSE);
    }

    @Test
    void ingestKnowsSchemasAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep.ingest..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.lockstep.stream..", "dev.lockstep.cutover..")
                .check(HOUSE);
    }

    @Test
    void streamKnowsSchemasAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.lockstep.ingest..", "dev.lockstep.cutover..")
                .check(HOUSE);
    }

    @Test
    void wiringStandsInTheCommandsAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lockstep.cutover.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.lockstep.cutover.cli..")
                .check(HOUSE);
    }

    @Test
    void theDemoIsNoPartOfTheJob() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.lockstep.cutover.demo..", "dev.lockstep.cutover.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.lockstep.cutover.demo..")
                .check(HOUSE);
    }

    @Test
    void gatesAreValues() {
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep.cutover.gate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "java.net..", "org.apache.kafka..", "org.xbill..")
                .check(HOUSE);
    }

    @Test
    void noRoomsInCircles() {
        slices().matching("dev.lockstep.(*).(*)..").should().beFreeOfCycles().check(HOUSE);
    }
}
