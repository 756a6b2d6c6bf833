import java.nio.file.Path;

/** One library as its own manual shows it in use. */
interface Program {
    /** Words of the page that every program makes, in letters that every font has. */
    String TEXT = "UBND xa Mau - Quyet dinh 152: so tien 1.000.000 dong";

    /** Make a file of one page; {@code kind} says how it is stored. */
    void create(String kind, Path out) throws Exception;

    /** Append one signature. */
    void sign(Order order, Path out) throws Exception;
}
